package jmergekit.method;

class DellaMergeTest implements RankedDroppingContract, RandomElectionContract {
    @Override
    public MergeMethod method() {
        return new DellaMerge();
    }
}
