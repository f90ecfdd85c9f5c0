package jmergekit.recipes;

import java.util.ArrayList;
import java.util.List;

/// Consecutive layers of one model, which are also consecutive in the output.
///
/// @param model as recipes name it
/// @param start the first layer, counted from 0
/// @param end one more than the last; equal to `start` for no layers
record LayerRun(String model, int start, int end) {

    /// The fewest runs that give these layers.
    ///
    /// @param models indexed by the numbers in `layers`
    static List<LayerRun> of(List<String> models, List<ChosenLayer> layers) {
        List<LayerRun> runs = new ArrayList<>();
        for (ChosenLayer layer : layers) {
            String model = models.get(layer.model());
            LayerRun last = runs.isEmpty() ? new LayerRun("", 0, 0) : runs.getLast();
            if (last.model.equals(model) && last.end == layer.layer()) {
                runs.removeLast();
                runs.add(new LayerRun(model, last.start, last.end + 1));
            } else {
                runs.add(new LayerRun(model, layer.layer(), layer.layer() + 1));
            }
        }
        return runs;
    }
}
