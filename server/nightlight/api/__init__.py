"""The helper's door on loopback: the guard, the routes and their bodies. Nothing here judges, and nothing here keeps.

The way of a request: `log` (counts its time, catches what nobody caught) -> `guard` (who may ask) -> `app` (which
route) -> `desk` (does the work in one thread beside the event loop) -> answer.
"""
