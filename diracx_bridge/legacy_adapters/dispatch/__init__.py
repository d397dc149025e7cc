"""Carrying out a legacy call on the side that routing chooses; the same for every door."""
