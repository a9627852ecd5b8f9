"""Predicates: the tree, its leaves, the compiler, name patterns."""
