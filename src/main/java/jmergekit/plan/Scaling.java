package jmergekit.plan;

import jmergekit.tensor.DType;
import jmergekit.weights.TensorLocation;

/// What the elements of an FP8 tensor are multiplied by: one number for each block of rows and
/// columns.
///
/// @param scale the numbers, row-major
/// @param columns of the tensor
/// @param blockRows rows of a block
/// @param blockColumns columns of a block
/// @param dtype that the model was made in, which counts for the output
public record Scaling(
        TensorLocation scale, long columns, long blockRows, long blockColumns, DType dtype) {}
