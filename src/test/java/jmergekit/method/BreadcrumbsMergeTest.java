package jmergekit.method;

class BreadcrumbsMergeTest implements MiddleSelectionContract, PlainSumContract {
    @Override
    public MergeMethod method() {
        return new BreadcrumbsMerge();
    }
}
