"""Bytes, politely: what is due when, who may be dialled, and one guarded way to the network."""
