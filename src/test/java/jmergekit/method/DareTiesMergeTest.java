package jmergekit.method;

class DareTiesMergeTest implements RandomElectionContract {
    @Override
    public MergeMethod method() {
        return new DareTiesMerge();
    }
}
