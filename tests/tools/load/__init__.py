"""Tests of the load: its journeys, its verdict, its pictures."""
