"""What a message costs: measurements behind `make bench`. Numbers for people; no test judges by them.

What lives here: timings of the product and of two rivals over the same chats. What may not: code that the product uses.
"""
