/// The models that a recipe names: references to them, their folders and configuration, and
/// adapters that change their tensors. Other packages decide what a merge does with the tensors.
@org.jspecify.annotations.NullMarked
package jmergekit.model;
