"""Predicates: their tree, their compiler, name patterns."""
