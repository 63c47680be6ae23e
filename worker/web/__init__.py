"""What is served over HTTP. Reading leaves no trace.

server, guard, bounds   uvicorn in a thread, with patience that ends      gate, proxies, access   who asks, and may they
documents, conditions   feeds from memory, and whether one has them       answers                 headers of all answers
app, site, pages/       pages, and what they need to know                 slashes, icon           small ways and things
searching, moving       the search and its feed                           status, charts, metrics how all is going
"""
