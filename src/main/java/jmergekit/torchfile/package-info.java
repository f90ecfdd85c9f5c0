/// PyTorch checkpoints. The package reads the zip archives that `torch.save` writes, and the pickle
/// streams that it wrote before version 1.6. It also lays out zip archives for files to be written.
/// Pickles are read by an interpreter that knows tensors, numbers, strings and containers. Anything
/// else in a pickle is refused, or skipped in a training checkpoint, and no code in it is run.
///
/// Sources: the pickle format as defined in the comments of Python's module `pickletools`; the zip
/// format, APPNOTE.TXT 6.3.10; the layout of a checkpoint as shown by PyTorch's own documentation
/// ("Serialization semantics") and its `torch.save`.
@org.jspecify.annotations.NullMarked
package jmergekit.torchfile;
