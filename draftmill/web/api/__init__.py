"""The JSON API, /api/v1: a table of operations, from which routes and OpenAPI document follow."""
