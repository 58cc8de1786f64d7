"""The addresses of the API, a module a family; each asks `earmark.library` and says who may."""
