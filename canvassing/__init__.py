"""Employers, visits and vacancies: what the office finds by canvassing, and the pages that show it."""
