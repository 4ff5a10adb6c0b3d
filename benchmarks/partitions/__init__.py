"""Which partition of the table or an index gets hot first, by the units that journeys really ask."""
