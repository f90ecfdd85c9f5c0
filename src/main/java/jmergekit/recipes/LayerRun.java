package jmergekit.recipes;

import java.util.ArrayList;
import java.util.List;

/// Layers of one model that follow each other, there and in the output.
///
/// @param model as recipes name it
/// @param start the first of them, counted from 0
/// @param end one more than the last; `start` for none
record LayerRun(String model, int start, int end) {

    /// The fewest runs that give these layers.
    ///
    /// @param models by their numbers in `layers`
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
