"""The nine screens of the manual, in Turkish and English: thin views, forms, templates, and what every code
says.

One rule: a page never says more than its visitor has proved to be allowed to know.
"""
