"""What those who run the exchange need: is it well, how busy is it, what happened when."""
