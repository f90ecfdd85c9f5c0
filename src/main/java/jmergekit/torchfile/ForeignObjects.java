package jmergekit.torchfile;

/// What becomes of Python objects that are no tensors, numbers, strings or containers.
enum ForeignObjects {
    /// The file is refused, since weights need none.
    REFUSED,
    /// Each is read as something without a meaning, so that the tensors beside it can be taken.
    PASSED_OVER
}
