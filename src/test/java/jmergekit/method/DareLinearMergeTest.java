package jmergekit.method;

class DareLinearMergeTest implements RandomThinningContract, PlainSumContract {
    @Override
    public MergeMethod method() {
        return new DareLinearMerge();
    }
}
