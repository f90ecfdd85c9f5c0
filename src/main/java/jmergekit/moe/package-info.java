/// Mixtures of experts made from dense models: the family of models that the output belongs to, the
/// source of each of its tensors, and the rows of its gates. The engine does the copying.
@org.jspecify.annotations.NullMarked
package jmergekit.moe;
