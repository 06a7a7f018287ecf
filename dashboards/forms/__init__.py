"""Papers that offices keep and sign: account books, minutes, labels. Made from what is given; they
read no database. Their words are Vietnamese, because the forms are."""
