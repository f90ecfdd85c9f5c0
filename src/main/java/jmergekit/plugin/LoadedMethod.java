package jmergekit.plugin;

import jmergekit.method.MergeMethod;

/// A method of a jar.
record LoadedMethod(PluginJar jar, MergeMethod method) {
    String name() {
        return method.info().name();
    }
}
