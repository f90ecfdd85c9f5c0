/// The models a recipe names: references to them, their folders and configuration, and adapters
/// that change their tensors. What a merge does with the tensors is decided elsewhere.
@org.jspecify.annotations.NullMarked
package jmergekit.model;
