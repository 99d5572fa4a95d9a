"""What `make run` shows: a helper, a browser with the extension and a chat page, all real and on loopback.

What lives here: what starts, shows and drives them (the end-to-end tests drive them the same way) and stories to play.
What may not: anything the product needs, and any judgement of its own; risks come from the product.
"""
