"""What the shop shows beside its works: personaggi (characters), fumetti (comics) and their pictures."""
