/// What the tensor names and the configuration of a model say about its layers: which names are
/// numbered layers, what comes before and after them, which tensor may stand in for which. Works for
/// architectures nobody has listed; the facts that names cannot tell are in one table.
@org.jspecify.annotations.NullMarked
package jmergekit.arch;
