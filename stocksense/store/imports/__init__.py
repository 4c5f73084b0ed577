"""Files of a shop's other systems, read into the tables, and the tables written into files."""
