package jmergekit.planner;

import java.util.Optional;
import java.util.function.Function;
import jmergekit.arch.Place;

/// An output tensor to be planned.
///
/// @param position in the slice, for gradients
/// @param nameIn its name in an input, in output style
/// @param place in a layer, if it is in one
record WantedTensor(
        String name,
        PlannedModule module,
        PlannedSlice slice,
        double position,
        Function<PlannedSlice.Input, String> nameIn,
        Optional<Place.InLayer> place) {}
