"""Modules with the functions of psutil, netifaces and ifaddr that getifs can answer, in their shapes.

    from getifs.compat import psutil

The others are `getifs.compat.netifaces` and `getifs.compat.ifaddr`. `docs/porting.md` lists where they differ on
purpose. Nothing else of getifs imports this package: a copy of the library may leave it out.
"""
