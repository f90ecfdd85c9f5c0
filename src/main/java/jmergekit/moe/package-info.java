/// Mixtures of experts made of dense models: which family of models the output belongs to, where
/// each of its tensors comes from, and the rows of its gates. Copying is done by the engine.
@org.jspecify.annotations.NullMarked
package jmergekit.moe;
