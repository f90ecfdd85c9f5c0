package jmergekit.planner;

import java.util.Optional;
import java.util.function.Function;
import jmergekit.arch.Place;

/// What is asked of one output tensor.
///
/// @param position in the slice, for gradients
/// @param nameIn what an input calls it, in output style
/// @param place in a layer, if it is in one
record WantedTensor(
        String name,
        PlannedModule module,
        PlannedSlice slice,
        double position,
        Function<PlannedSlice.Input, String> nameIn,
        Optional<Place.InLayer> place) {}
