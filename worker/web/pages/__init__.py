"""The pages: what each shows, made of the store by the frame that all of them have."""
