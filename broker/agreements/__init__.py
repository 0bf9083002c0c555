"""How two sides work together: the agreement, who leads, the kick-off sheet, the context pack."""
