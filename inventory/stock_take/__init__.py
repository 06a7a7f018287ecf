"""Stock-takes (kiểm kê): what the books say is there, held against what people counted.

The book is frozen when a stock-take is opened and its minutes when it is closed. What follows from
the minutes is only proposed: a person applies it through the register.
"""
