"""The PIV card application (SP 800-73-4 part 2), one module per group of card commands."""
