"""What administrators decide with: the routing as it is, changes of it, and whether the evidence allows them."""
