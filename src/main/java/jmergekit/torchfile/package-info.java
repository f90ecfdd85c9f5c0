/// PyTorch checkpoints. Reads the zip archives that `torch.save` writes, and the pickle streams that it
/// wrote before version 1.6, and lays out zip archives for files that are written. Their pickles are
/// read by a machine that knows tensors, numbers, strings and containers; whatever else a pickle asks
/// for is refused, or passed over in a training checkpoint, and nothing in it is run.
///
/// Sources: the pickle format as the comments of Python's module `pickletools` define it; the zip
/// format, APPNOTE.TXT 6.3.10; the layout of a checkpoint as PyTorch's own documentation (Serialization
/// semantics) and its `torch.save` show it.
@org.jspecify.annotations.NullMarked
package jmergekit.torchfile;
