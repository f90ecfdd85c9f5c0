/// Infers the layers of a model from its tensor names and configuration: which names are numbered
/// layers, what comes before and after them, and which tensors can replace others. Unknown
/// architectures work too; facts that names do not show are in one table.
@org.jspecify.annotations.NullMarked
package jmergekit.arch;
