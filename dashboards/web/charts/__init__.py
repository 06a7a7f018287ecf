"""Charts as SVG made on the server: from plain data to Markup, without script or style attributes.

Each is a `<figure>` with its title, and says the same in words: rows of text, or a table in a
`<details>`. Whatever has a colour has a pattern, a shape or a word beside it, for print and for
whoever sees no colours. Widths are per cent and letters are pixels, so a phone shows all of it.
"""
