"""Where cards are: a port, and the two things behind it, PC/SC and the simulator."""
