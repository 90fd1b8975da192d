"""What every columnar way of scoring a book of accounts has in common."""
