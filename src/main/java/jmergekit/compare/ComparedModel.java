package jmergekit.compare;

import java.util.Optional;
import jmergekit.engine.BoundPlan;
import jmergekit.model.ModelFolder;

/// A model that is compared.
///
/// @param name what it is called
/// @param plan of the model as it is, whose tensors have one input each
/// @param folder its configuration and tokenizer; empty for an adapter by itself
public record ComparedModel(String name, BoundPlan plan, Optional<ModelFolder> folder) {}
