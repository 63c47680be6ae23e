"""What dates, site chrome and prose look like on a line: knowledge that the stages share, no decisions."""
