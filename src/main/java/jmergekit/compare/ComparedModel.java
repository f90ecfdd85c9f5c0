package jmergekit.compare;

import java.util.Optional;
import jmergekit.engine.BoundPlan;
import jmergekit.model.ModelFolder;

/// A model to compare.
///
/// @param name its name
/// @param plan the plan of the unchanged model, whose tensors have one input each
/// @param folder the folder with its configuration and tokenizer; empty for a standalone adapter
public record ComparedModel(String name, BoundPlan plan, Optional<ModelFolder> folder) {}
