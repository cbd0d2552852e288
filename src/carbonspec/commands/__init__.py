"""The commands, one file each: `main(options)` goes from options through the api to what is printed.

It returns the exit status. Only the file of the command asked for is loaded.
"""
