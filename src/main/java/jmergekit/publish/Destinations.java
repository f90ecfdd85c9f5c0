package jmergekit.publish;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import jmergekit.s3.ObjectPath;
import jmergekit.s3.Stores;

/// Finds where outputs go by what users write: a folder, or `s3://bucket/prefix`.
///
/// @param stores the store that may be meant
/// @param staging makes a folder of this machine that nobody else uses, for what goes to a store
/// @param origin what a file or folder that is read is in the store, if it comes from there
public record Destinations(
        Stores stores, Supplier<Path> staging, Function<Path, Optional<ObjectPath>> origin) {
    /// @param output as it was written
    /// @param folder the folder that it means if it does not mean a store
    /// @param overwrite whether an earlier model there may be replaced
    /// @param sync whether the files in a folder are brought to the disk
    /// @throws jmergekit.problem.MergeException if it is no path, or no store can be reached
    public Destination of(String output, Supplier<Path> folder, boolean overwrite, boolean sync) {
        Optional<ObjectPath> object = ObjectPath.of(output);
        return object.isPresent()
                ? new StoreDestination(
                        stores.store(), object.get(), staging.get(), origin, overwrite)
                : Destination.of(OutputPlace.of(folder.get(), overwrite, sync), output);
    }

    /// The last part of its name.
    public static String title(String output, Supplier<Path> folder) {
        return ObjectPath.of(output)
                .map(ObjectPath::name)
                .orElseGet(() -> String.valueOf(folder.get().getFileName()));
    }
}
