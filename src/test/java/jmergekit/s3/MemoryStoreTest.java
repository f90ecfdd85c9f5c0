package jmergekit.s3;

import jmergekit.fixture.s3.MemoryStore;

class MemoryStoreTest implements ObjectStoreContract {
    private final MemoryStore store = new MemoryStore().with("s3://bucket/other", new byte[1]);

    @Override
    public ObjectStore store() {
        return store;
    }

    @Override
    public ObjectPath folder() {
        return new ObjectPath("bucket", "folder");
    }
}
