package jmergekit.method;

class DellaLinearMergeTest implements RankedDroppingContract, PlainSumContract {
    @Override
    public MergeMethod method() {
        return new DellaLinearMerge();
    }
}
