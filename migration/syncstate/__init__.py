"""The stock of SyncState, from its store.json."""
