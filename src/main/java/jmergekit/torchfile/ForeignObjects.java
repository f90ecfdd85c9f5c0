package jmergekit.torchfile;

/// How to treat Python objects other than tensors, numbers, strings and containers.
enum ForeignObjects {
    /// The file is refused, since weights need no such objects.
    REFUSED,
    /// Each is read as a meaningless value, so that the tensors next to it can be used.
    PASSED_OVER
}
