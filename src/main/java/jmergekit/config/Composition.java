package jmergekit.config;

import java.util.List;

/// What the output is composed of.
public sealed interface Composition {
    /// All layers of every model.
    record WholeModels(List<InputModel> models) implements Composition {
        public WholeModels {
            models = List.copyOf(models);
        }
    }

    /// Slices, one after another.
    record Slices(List<OutputSlice> slices) implements Composition {
        public Slices {
            slices = List.copyOf(slices);
        }
    }

    /// Each module separately.
    record Modules(List<ModuleConfig> modules) implements Composition {
        public Modules {
            modules = List.copyOf(modules);
        }
    }
}
