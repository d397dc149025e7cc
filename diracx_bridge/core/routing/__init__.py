"""Routing: which side, legacy or DiracX, carries out a legacy call. Pure functions; the doors bring the facts."""
