"""The API's document (OpenAPI 3.1), made from the routes: it can say nothing that they do not declare."""
